/** The time in views: moves each minute while the control is visible, and not at all when it is not. */
import * as React from 'react';
import type { Clock } from './time';

export function useNow(clock: Clock, visible: boolean): number {
  const [now, setNow] = React.useState(() => clock.now());
  React.useEffect(() => {
    if (!visible) return undefined;
    setNow(clock.now());
    return clock.everyMinute(() => setNow(clock.now()));
  }, [clock, visible]);
  return now;
}
