/**
 * `createElement` under a name that can be shortened: as a member of the platform's React it keeps its whole name, which
 * in a control of 150 elements is 2,000 bytes. A view asks for it with `@jsx h` in its first lines.
 */
import * as React from 'react';

export const h = React.createElement;
