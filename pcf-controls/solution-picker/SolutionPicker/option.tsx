/**
 * One solution in the list of the search. Renders again only when it is picked, left, or gone to by the arrows.
 */
import * as React from 'react';
import { mergeClasses } from '@fluentui/react-components';
import type { Solution } from './picks';
import { SolutionName } from './view-parts';
import type { Look } from './view-parts';

interface OptionProps {
  readonly id: string;
  readonly solution: Solution;
  readonly look: Look;
  readonly chosen: boolean;
  readonly active: boolean;
  onToggle(solution: Solution): void;
}

export const Option = React.memo(function Option({ id, solution, look, chosen, active, onToggle }: OptionProps) {
  const { styles } = look;
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      className={mergeClasses(styles.option, active && styles.active)}
      onClick={() => onToggle(solution)}
    >
      {/* A letter and no icon: icons have no room in this control's budget. */}
      <div aria-hidden className={styles.tick}>
        {chosen && '✓'}
      </div>
      <SolutionName {...{ solution, look }} />
    </div>
  );
});
