/**
 * What JSX is turned into: `import * as React from '../../kit/react'` in a view; hooks come from 'react' itself.
 *
 * Bound here once, because a member of the platform library keeps its whole name at each use: a control of 150
 * elements spends 2,000 bytes on the word `createElement`.
 */
import * as React from 'react';

export const { createElement, Fragment } = React;
export type { FunctionComponent, ReactElement, ReactNode } from 'react';
