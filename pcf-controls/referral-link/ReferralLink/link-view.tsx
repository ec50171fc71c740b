/**
 * The link with its copy button and, when bound, the referral's status. Knows no platform.
 *
 * Shows words instead of the long address; the address itself is the title, because a person should be able to see
 * where a link leads before following it.
 */
import * as React from 'react';
import { Badge, Button, Link, makeStyles } from '@fluentui/react-components';
import { copyText } from '../../kit/copy';
import type { Field } from '../../kit/field';
import { CopyIcon, LockIcon, OpenIcon, WarningIcon } from '../../kit/icons';
import type { Strings } from '../../kit/strings';
import { safeUrl } from './safe-url';

export interface LinkViewProps {
  readonly url: Field<string>;
  readonly referralId: string;
  /** Label of the referral's status; empty when not bound. */
  readonly status: string;
  readonly strings: Strings;
}

const useStyles = makeStyles({
  // A long address or a long language wraps; it is never cut off in a narrow section.
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: '8px',
    minHeight: '32px',
    overflowWrap: 'anywhere',
  },
});

export function LinkView({ url, referralId, status, strings }: LinkViewProps): React.ReactElement {
  const { raw, readable } = url;
  const href = raw && safeUrl(raw);
  return (
    <div className={useStyles().row}>
      {href ? (
        <SafeLink href={href} referralId={referralId} strings={strings} />
      ) : (
        <span>
          {raw ? <WarningIcon /> : readable || <LockIcon />}{' '}
          {raw ? strings('link_broken', { address: raw }) : strings(readable ? 'link_empty' : 'kit_masked')}
        </span>
      )}
      {status && <Badge appearance="tint">{status}</Badge>}
    </div>
  );
}

interface SafeLinkProps {
  readonly href: string;
  readonly referralId: string;
  readonly strings: Strings;
}

function SafeLink({ href, referralId, strings }: SafeLinkProps): React.ReactElement {
  const [said, say] = React.useState('');
  const copy = async (): Promise<void> =>
    say((await copyText(href)) ? strings('link_copied') : strings('link_copy_failed', { address: href }));
  return (
    <>
      <Link
        href={href}
        target="_blank"
        rel="noopener noreferrer"
        title={href}
        aria-label={strings('link_open_label', { id: referralId })}
      >
        {strings('link_open')} <OpenIcon />
      </Link>
      <Button appearance="subtle" size="small" icon={<CopyIcon />} onClick={copy} onBlur={() => say('')}>
        {strings('link_copy')}
      </Button>
      {/* Behind the badge: an address that could not be copied is long. */}
      <span role="status" style={{ order: 1 }}>
        {said}
      </span>
    </>
  );
}
