/**
 * One picked solution with its amounts. Renders again only when its own pick changes: there may be fifty.
 */
import * as React from 'react';
import { Button } from '@fluentui/react-components';
import { AmountField } from './amount-field';
import { showAmount } from './amounts';
import { amountNames } from './picks';
import type { Pick } from './picks';
import type { PickerStore } from './store-shape';
import { Notice, SolutionName } from './view-parts';
import type { Look } from './view-parts';

interface RowProps {
  readonly pick: Pick;
  readonly editable: boolean;
  readonly store: PickerStore;
  readonly look: Look;
  onRemove(id: string): void;
}

export const PickRow = React.memo(function PickRow({ pick, editable, store, look, onRemove }: RowProps) {
  const { solution, failure, want } = pick;
  const { strings, styles, format } = look;
  const { id, name } = solution;
  return (
    <div role="listitem">
      <div className={styles.row}>
        <SolutionName {...{ solution, look }} />
        {amountNames.map((which) =>
          editable ? (
            <AmountField key={which} {...{ which, pick, store, look }} />
          ) : (
            want?.[which] && (
              <div key={which}>
                {strings('amount_shown', { label: strings(which), amount: showAmount(want[which], format) })}
              </div>
            )
          ),
        )}
        {editable && (
          <Button appearance="subtle" icon="×" aria-label={strings('remove', { name })} onClick={() => onRemove(id)} />
        )}
      </div>
      <div role="alert">
        {editable && failure && (
          <Notice
            intent="error"
            actions={[
              [strings('kit_retry'), () => store.retry(id)],
              [strings('undo'), () => store.giveUp(id)],
            ]}
          >
            {strings(`failed_${failure.what}`, { reason: failure.message })}
          </Notice>
        )}
      </div>
    </div>
  );
});
