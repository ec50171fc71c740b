/** The platform's dialog that closes an opportunity as won or lost. */
import * as React from 'react';
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  Input,
  Option,
} from '@fluentui/react-components';
import { useHost } from './host';
import type { OpenDialog } from './shell';

export interface CloseAnswer {
  readonly status: number;
  readonly revenue: number | null;
}

export function CloseDeal({ dialog }: { dialog: OpenDialog }): React.ReactElement {
  const { words, services } = useHost();
  const won = dialog.outcome === 'won';
  const state = won ? 1 : 2;
  const reasons =
    services.metadata
      .now('opportunity')
      .columns.get('statuscode')
      ?.options.filter((each) => each.state === state) ?? [];
  const [status, setStatus] = React.useState(reasons[0]?.value ?? state + 2);
  const [revenue, setRevenue] = React.useState(dialog.details ?? '');
  const answer = (): void => {
    const parsed = services.formats.parseNumber(revenue);
    const given: CloseAnswer = { status, revenue: parsed ?? null };
    dialog.answer(given);
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && dialog.answer(null)}>
      <DialogSurface className="host-dialog" aria-describedby={undefined}>
        <DialogBody>
          <DialogTitle>{`${words('closeTitle')} · ${words(won ? 'outcomeWon' : 'outcomeLost')}`}</DialogTitle>
          <DialogContent className="close-deal">
            <p>{words('closeText')}</p>
            <Field label={words('statusReason')} orientation="horizontal">
              <Dropdown
                appearance="filled-darker"
                value={reasons.find((each) => each.value === status)?.label ?? ''}
                selectedOptions={[String(status)]}
                onOptionSelect={(_, data) => setStatus(Number(data.optionValue))}
              >
                {reasons.map((each) => (
                  <Option key={each.value} value={String(each.value)} text={each.label}>
                    {each.label}
                  </Option>
                ))}
              </Dropdown>
            </Field>
            <Field label={words('actualRevenue')} orientation="horizontal">
              <Input
                appearance="filled-darker"
                value={revenue}
                disabled={!won}
                onChange={(_, data) => setRevenue(data.value)}
              />
            </Field>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={answer}>
              {words('ok')}
            </Button>
            <Button onClick={() => dialog.answer(null)}>{words('cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
