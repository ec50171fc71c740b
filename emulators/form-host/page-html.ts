/** The one HTML document of the form host. Everything else is drawn by the page's script. */
import type { RuntimeName } from './bundles';

export function pageHtml(runtime: RuntimeName): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dynamics 365</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/host/fonts.css">
<style>
html, body, #app { height: 100%; margin: 0; }
body { font-family: 'Segoe UI', sans-serif; font-size: 14px; background: #f5f5f5; color: #242424; }
.host-loading { padding: 48px; color: #616161; }
</style>
</head>
<body>
<div id="app"><div class="host-loading" role="status">Loading…</div></div>
<script src="/host/platform-${runtime}.js"></script>
<script src="/host/page.js"></script>
</body>
</html>
`;
}
