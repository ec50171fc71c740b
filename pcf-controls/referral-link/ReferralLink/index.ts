/**
 * ReferralLink: the referral's address in Partner Center as a safe link. Translates the platform's context into plain
 * props, nothing more.
 */
import * as React from 'react';
import { fieldOf } from '../../kit/field';
import { Shell } from '../../kit/shell';
import { stringsOf } from '../../kit/strings';
import type { IInputs, IOutputs } from './generated/ManifestTypes';
import { LinkView } from './link-view';

export class ReferralLink implements ComponentFramework.ReactControl<IInputs, IOutputs> {
  init(): void {
    // Columns are all that this control needs; they come with each updateView.
  }

  updateView(context: ComponentFramework.Context<IInputs>): React.ReactElement {
    const { url, referralId, status } = context.parameters;
    const view = React.createElement(LinkView, {
      url: fieldOf(context, url),
      referralId: fieldOf(context, referralId).raw ?? '',
      status: fieldOf(context, status).formatted,
      strings: stringsOf(context),
    });
    return React.createElement(Shell, { context, children: view });
  }

  destroy(): void {
    // Nothing is held.
  }
}
