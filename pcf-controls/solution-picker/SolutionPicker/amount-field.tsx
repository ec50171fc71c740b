/**
 * One amount of a pick: what is typed stays as typed until the field is left, only what can be read goes to the store.
 */
import * as React from 'react';
import { Field, Input } from '@fluentui/react-components';
import { solutionDigits } from '../../../domain/solution-draft';
import { readAmount, showAmount } from './amounts';
import type { AmountName, Pick } from './picks';
import type { PickerStore } from './store-shape';
import type { Look } from './view-parts';

interface AmountProps {
  readonly which: AmountName;
  readonly pick: Pick;
  readonly store: PickerStore;
  readonly look: Look;
}

export const AmountField = ({ which, pick, store, look }: AmountProps): React.ReactElement => {
  const { strings, styles, format } = look;
  const [typed, setTyped] = React.useState<string | null>(null);
  // While somebody types half a number, telling him so is noise: it is said when he leaves the field.
  const [wrong, setWrong] = React.useState(false);
  const digits = solutionDigits[which];
  // A list has many prices: whose it is, is said but not shown again.
  const label = (
    <>
      {strings(which)}
      <span className={styles.spoken}> {pick.solution.name}</span>
    </>
  );
  return (
    <Field
      className={styles.amount}
      size="small"
      label={{ children: label }}
      validationMessage={wrong ? strings('amount_wrong', { digits: String(digits) }) : null}
    >
      <Input
        className={styles.wide}
        size="medium"
        value={typed ?? showAmount((pick.want ?? pick.row)?.[which], format)}
        onChange={(_, { value }) => {
          setTyped(value);
          setWrong(false);
          const amount = readAmount(value, digits, format);
          if (amount !== undefined) store.setAmount(pick.solution.id, which, amount);
        }}
        onBlur={() => {
          if (readAmount(typed ?? '', digits, format) === undefined) setWrong(true);
          else setTyped(null);
          store.flush();
        }}
      />
    </Field>
  );
};
