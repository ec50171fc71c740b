/**
 * Partner Center's end: what Microsoft says, the referral's id and address, and what can be asked of the connector.
 */
import * as React from 'react';
import { Button, Link } from '@fluentui/react-components';
import { CheckIcon, CopyIcon, OpenIcon } from '../../kit/icons';
import type { PanelIo } from './io';
import type { PanelModel } from './model';
import type { Phase } from './phase';
import { useStyles } from './styles';
import { Card, FactList, Hint, Small } from './ui';

export interface ReferralProps {
  readonly model: PanelModel;
  readonly phase: Phase;
  readonly io: PanelIo;
  readonly acting: boolean;
  readonly onRequest: (request: 'shareAgain' | 'syncNow') => void;
}

/** Read-only; nothing is shown before Microsoft has said something. */
export function MicrosoftSide({ model, io }: Pick<ReferralProps, 'model' | 'io'>): React.ReactElement | null {
  const { strings } = io;
  const rows = [
    ['microsoft_status', model.microsoftStatus],
    ['microsoft_reason', model.microsoftReason],
    ['microsoft_team', model.microsoftTeam],
    ['microsoft_notes', model.microsoftNotes],
    ['microsoft_crm', model.microsoftCrmIdentifier],
  ] as const;
  const said = rows.filter(([, { raw, bound, readable }]) => raw || (bound && !readable));
  if (!said.some(([, { readable }]) => readable)) return null;
  return (
    <Card title={strings('microsoft_title')}>
      <FactList
        facts={said.map(([label, { raw, formatted, readable }]) => [
          label,
          raw ? formatted || String(raw) : null,
          readable,
        ])}
        strings={strings}
      />
    </Card>
  );
}

export function Referral({ model, phase, io, acting, onRequest }: ReferralProps): React.ReactElement | null {
  const styles = useStyles();
  const { strings } = io;
  const [copied, setCopied] = React.useState('');
  const { raw: id, readable } = model.referralIdentifier;
  const link = safeLink(model.referralLink.raw);
  const closed = phase === 'closed';
  const request = closed ? 'shareAgain' : phase === 'needsAttention' || phase === 'synced' ? 'syncNow' : undefined;
  const copy = (): void => {
    void io.copy(id ?? '').then((done) => setCopied(done ? 'copied' : 'copy_failed'));
  };
  if (!id && readable && !request) return null;
  return (
    <div className={styles.group}>
      {(id || !readable) && (
        <div>
          <Hint lock={!readable}>{strings(readable ? 'referral_id' : 'kit_masked')}</Hint>
          <div className={styles.wrap}>
            <span dir="ltr">{id}</span>
            {id && (
              <Button
                appearance="subtle"
                size="small"
                icon={copied === 'copied' ? <CheckIcon /> : <CopyIcon />}
                aria-label={strings('copy_id')}
                onClick={copy}
              />
            )}
            <span role="status">{copied && <Hint>{strings(copied)}</Hint>}</span>
          </div>
        </div>
      )}
      <div className={styles.wrap}>
        {link && (
          <Link href={link} target="_blank" rel="noopener noreferrer">
            {strings('referral_open')} <OpenIcon />
          </Link>
        )}
        {request && model.requestedAction.bound && (
          <Small
            text={strings(`request_${request}`)}
            appearance="secondary"
            disabled={!acting}
            onClick={() => onRequest(request)}
          />
        )}
      </div>
      {closed && <Hint>{strings('closed_again')}</Hint>}
    </div>
  );
}

/** Only https, and no user name in front of the host: the address comes from a column that others may write. */
function safeLink(address: string | null): string | undefined {
  try {
    const url = new URL(address ?? '');
    return url.protocol === 'https:' && !url.username && !url.password ? url.href : undefined;
  } catch {
    return undefined;
  }
}
