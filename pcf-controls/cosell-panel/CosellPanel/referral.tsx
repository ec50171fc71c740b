/**
 * Partner Center's end: what Microsoft says, the referral's id and address, and what can be asked of the connector.
 */
import { useState } from 'react';
import { Link } from '@fluentui/react-components';
import { CheckIcon, CopyIcon, OpenIcon } from '../../kit/icons';
import * as React from '../../kit/react';
import { requestOption } from './options';
import { Card, FactList, Hint, Small } from './ui';
import { useView } from './view';

/** Read-only; nothing is shown before Microsoft has said something. */
export function MicrosoftSide(): React.ReactElement | null {
  const { strings, model, standing } = useView();
  // Until Microsoft writes notes of its own, its record holds a copy of ours; a deal that it sent is told by them.
  const ours = standing.phase === 'onHold' ? null : model.dealNotes.raw;
  const rows = [
    ['status', model.microsoftStatus],
    ['reason', model.microsoftReason],
    ['team', model.microsoftTeam],
    ['notes', model.microsoftNotes],
    ['crm', model.microsoftCrmIdentifier],
  ] as const;
  const said = rows.filter(([, { raw, readable }]) => (raw ? raw !== ours : !readable));
  if (!said.some(([, { readable }]) => readable)) return null;
  return (
    <Card title={strings('microsoft_title')}>
      <FactList
        facts={said.map(([label, { raw, formatted, readable }]) => [
          `microsoft_${label}`,
          formatted || String(raw ?? ''),
          readable,
        ])}
      />
    </Card>
  );
}

export function Referral(): React.ReactElement | null {
  const { strings, styles, model, standing, acting, ...io } = useView();
  const [copied, setCopied] = useState('');
  const { raw: id, readable } = model.referralIdentifier;
  const link = safeLink(model.referralLink.raw);
  const closed = standing.phase === 'closed';
  const request = closed ? 'shareAgain' : /^(needsAttention|synced)$/.test(standing.phase) && 'syncNow';
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
              <Small
                appearance="subtle"
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
          <Small disabled={!acting} onClick={() => io.write({ requestedAction: requestOption(request) })}>
            {strings(`request_${request}`)}
          </Small>
        )}
      </div>
      {closed && <Hint>{strings('closed_again')}</Hint>}
    </div>
  );
}

/** Only https, and no user name in front of the host: the address comes from a column that others may write. */
function safeLink(address: string | null): string | undefined {
  try {
    const { protocol, username, password, href } = new URL(address ?? '');
    return protocol === 'https:' && !username && !password ? href : undefined;
  } catch {
    return undefined;
  }
}
