/**
 * What several views share: a solution's name with what is known about it, and the message above the list.
 */
import * as React from 'react';
import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import type { Strings } from '../../kit/strings';
import type { NumberFormat } from './amounts';
import type { Solution } from './picks';
import type { Styles } from './styles';

/** The same objects as long as the control lives, so that handing them down renders nothing anew. */
export interface Look {
  readonly strings: Strings;
  readonly format: NumberFormat;
  readonly styles: Styles;
}

interface SolutionNameProps {
  readonly solution: Solution;
  readonly look: Look;
}

export const SolutionName = ({ solution, look }: SolutionNameProps): React.ReactElement => {
  const { name, type, publisher, inactive } = solution;
  const { strings, styles } = look;
  // Catalogue types are codes of Partner Center; one that is not known is shown as it is.
  const known = /^(Name|Category)$/.test(type);
  return (
    <div className={styles.name}>
      {name}
      <div className={styles.small}>
        {[known ? strings(`type_${type}`) : type, publisher].filter(Boolean).join(' · ')}
      </div>
      {inactive && <div className={styles.warning}>{strings('solution_inactive')}</div>}
    </div>
  );
};

interface NoticeProps {
  readonly intent: 'error' | 'warning' | 'info';
  readonly children: React.ReactNode;
  readonly actions?: readonly (readonly [label: string, run: () => void])[];
}

export const Notice = ({ intent, children, actions = [] }: NoticeProps): React.ReactElement => (
  <MessageBar intent={intent} layout="multiline">
    <MessageBarBody>{children}</MessageBarBody>
    <MessageBarActions>
      {actions.map(([label, run]) => (
        <Button key={label} size="small" onClick={run}>
          {label}
        </Button>
      ))}
    </MessageBarActions>
  </MessageBar>
);
