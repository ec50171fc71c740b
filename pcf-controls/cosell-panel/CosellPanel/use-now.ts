/** The time in views: moves each minute while the control is visible, and not at all when it is not. */
import * as React from 'react';

export function useNow(visible: boolean): number {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    if (!visible) return undefined;
    const tick = (): void => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 60_000);
    return () => clearInterval(timer);
  }, [visible]);
  return now;
}
