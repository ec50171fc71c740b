/**
 * The web half put together from its settings: which parts there are and how they hang together, and nothing else.
 * What only the entry point may build (sign-in for the status page) comes in as plug-ins.
 */
import type { FastifyInstance } from 'fastify';
import { SyncError } from '../errors';
import { formerWebhookFile } from '../hand-over/former-webhook';
import { hintFolder } from '../hand-over/hints';
import { codeOf } from '../patiently';
import type { Clock, HintFolder, Log } from '../ports';
import { createLoader } from './certificate-loader';
import { CertificateStore } from './certificate-store';
import { usualUrl } from './certificate-url';
import type { Counters } from './counters';
import { dataverseReceiver } from './dataverse-receiver';
import { createForwarder } from './forwarder';
import type { ForwardTarget } from './forwarder';
import { createDownload, createSendOn } from './outgoing';
import type { Download, SendOn } from './outgoing';
import { receiver } from './receiver';
import { Seen } from './seen';
import { createServer } from './server';
import type { Plugin } from './server';
import type { WebConfig } from './web-config';

export interface WebParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Status page, metrics, health. */
  readonly plugins?: readonly Plugin[];
  /** Default: the shared folder. */
  readonly hints?: Pick<HintFolder, 'put'>;
  /** Default: axios. */
  readonly download?: Download;
  readonly send?: SendOn;
}

export interface Web {
  readonly app: FastifyInstance;
  /** Listens, and loads the certificate of Partner Center meanwhile. Rejects with SETTING_INVALID when it may not listen there. */
  listen(): Promise<void>;
  /** Takes nothing new, finishes what is in flight. */
  close(): Promise<void>;
  /** Deliveries that still wait to be passed on. */
  readonly forwarding: number;
}

export async function composeWeb(config: WebConfig, parts: WebParts): Promise<Web> {
  const { clock, log, counters } = parts;
  const { webhook } = config;
  const hints = parts.hints ?? hintFolder(config.sharedFolder, { clock });
  const usual = usualUrl(webhook.certificateHosts, webhook.certificateName);
  const certificates = new CertificateStore({
    clock,
    log,
    counters,
    load: createLoader({
      clock,
      log,
      download: parts.download ?? createDownload(clock),
      rules: { name: webhook.certificateName, organization: webhook.certificateOrganization },
      rootsPem: webhook.rootsPem,
      intermediatesPem: webhook.intermediatesPem,
      issuerHosts: webhook.issuerHosts,
    }),
    usual: usual === undefined ? [] : [usual],
  });
  const forwarder = createForwarder({
    clock,
    log,
    counters,
    rule: webhook.forward,
    target: () => forwardTarget(config),
    ownHosts: config.publicUrl === undefined ? [] : [new URL(config.publicUrl).host],
    send: parts.send ?? createSendOn(clock),
  });
  const app = await createServer({
    clock,
    log,
    counters,
    proxies: config.proxies,
    ratePerMinute: webhook.ratePerMinute,
    plugins: [
      receiver({
        clock,
        log,
        counters,
        hints,
        certificates,
        seen: new Seen({ maxAgeMs: webhook.maxAgeMs }),
        rules: { algorithms: webhook.algorithms, certificateHosts: webhook.certificateHosts },
        forwarder,
      }),
      ...(webhook.dataverseKey === undefined
        ? []
        : [dataverseReceiver({ clock, log, counters, hints, key: webhook.dataverseKey })]),
      ...(parts.plugins ?? []),
    ],
  });
  return {
    app,
    listen: async () => {
      const ready = certificates.warmUp();
      await app
        .listen('path' in config.listen ? config.listen : { ...config.listen, host: config.address })
        .catch((error: unknown) => {
          throw notListening(error, config);
        });
      // Not waited for: without it the first delivery is told to come back, and everything else works.
      void ready;
    },
    close: async () => {
      await app.close();
      await forwarder.stop();
    },
    get forwarding() {
      return forwarder.waiting;
    },
  };
}

/** What an admin can mend, by the name of its setting; everything else as it is. */
function notListening(error: unknown, { listen, address }: WebConfig): unknown {
  const code = codeOf(error);
  const port = `PORT ${'path' in listen ? listen.path : listen.port}`;
  const details: Readonly<Record<string, string>> = {
    EADDRINUSE: `${port}: another process listens there; end it, or set another`,
    EACCES: `${port}: this user may not listen there; set another`,
    EADDRNOTAVAIL: `COSELL_WEB_ADDRESS ${address}: this machine has no such address`,
    ENOTFOUND: `COSELL_WEB_ADDRESS ${address}: it is no address of this machine`,
  };
  const detail = details[code];
  return detail === undefined
    ? error
    : new SyncError('SETTING_INVALID', { detail: `${detail} (${code})`, cause: error });
}

/** The setting, else what `cosell webhooks register` remembered; that one's own events only. */
async function forwardTarget(config: WebConfig): Promise<ForwardTarget | null> {
  if (config.webhook.forwardUrl !== undefined) return { url: config.webhook.forwardUrl };
  const former = (await formerWebhookFile(config.sharedFolder).read())?.former;
  if (!former) return null;
  const header = former.signatureTokenToMsSignatureHeader ? 'x-ms-signature' : 'authorization';
  return { url: former.webhookUrl, events: former.webhookEvents, header };
}
