/** The same code components once more below the form: two on one page must not know each other. */
import * as React from 'react';
import { placed, isDisabled } from './form-layout';
import type { FormSession } from './form-session';
import { PcfHost } from './pcf-host';

export function SecondInstances({ session }: { session: FormSession }): React.ReactElement {
  const hosted = placed(session.form).filter(
    (each) => each.cell.control?.custom !== undefined && each.tab.name === session.tab,
  );
  return (
    <div className="record-body" data-second="true">
      {hosted.map(({ cell, name }) => (
        <section key={name} className="card">
          {cell.control?.custom && (
            <PcfHost
              session={session}
              binding={cell.control.custom}
              name={`${name}-second`}
              label=""
              disabled={isDisabled(session, name, cell.control.disabled)}
              visible
            />
          )}
        </section>
      ))}
    </div>
  );
}
