/**
 * Notifications on their way to the registered URL. Nothing is sent by itself unless `webhook.auto`
 * is on: tests look at the queue, then deliver, drop, double or reorder. Ten attempts on the emulator
 * clock, then offline for good. Microsoft Learn: "Partner Center webhooks" and "... webhook events".
 */
import type { Clock } from '../kit/clock';
import type { EventName } from './events';
import { IdSource } from './ids';
import type { Switches } from './switches';
import { instant } from './time';
import type { Registration } from './webhook-registration';
import type { WebhookSigner } from './webhook-signer';
import { pascalCase } from './render';

export interface Attempt {
  readonly at: number;
  /** HTTP status of the receiver; absent when the connection failed. */
  readonly status?: number;
  readonly error?: string;
}

export interface Delivery {
  readonly id: string;
  readonly eventName: EventName;
  readonly resourceUri: string;
  readonly body: string;
  state: 'queued' | 'delivered' | 'dropped' | 'offline';
  dueAt: number;
  readonly attempts: Attempt[];
}

export interface Notification {
  readonly eventName: EventName;
  readonly resourceUri: string;
  readonly resourceName: string;
}

/** Ways to spoil one attempt, so that receivers show that they check. */
export type Tamper = 'body' | 'signature' | 'algorithm' | 'unsigned';

export interface DeliveryParts {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly signer: WebhookSigner;
  readonly registration: () => Registration | undefined;
  readonly certificateUrl: () => string;
}

export class Deliveries {
  private readonly parts: DeliveryParts;
  private readonly ids = new IdSource('delivery');
  private queue: Delivery[] = [];
  private running: Promise<unknown> = Promise.resolve();

  constructor(parts: DeliveryParts) {
    this.parts = parts;
  }

  /** Queues one notification (and its doubles) if the registration asks for the event. */
  enqueue(notification: Notification): Delivery | undefined {
    const { switches, clock, registration } = this.parts;
    if (!registration()?.webhookEvents.includes(notification.eventName)) return undefined;
    const body = this.bodyOf(notification);
    const make = (): Delivery => ({
      id: this.ids.next(),
      eventName: notification.eventName,
      resourceUri: notification.resourceUri,
      body,
      state: 'queued',
      dueAt: clock.now(),
      attempts: [],
    });
    const first = make();
    this.queue.push(first);
    for (let copy = 0; copy < switches['webhook.dup']; copy += 1) this.queue.push(make());
    if (switches['webhook.auto'] === 'on') void this.deliverDue();
    return first;
  }

  list(): readonly Delivery[] {
    return this.queue;
  }

  queued(): Delivery[] {
    return this.queue.filter((delivery) => delivery.state === 'queued');
  }

  drop(id: string): void {
    this.find(id).state = 'dropped';
  }

  /** Puts an equal copy at the end of the queue. */
  duplicate(id: string): Delivery {
    const original = this.find(id);
    const copy: Delivery = {
      ...original,
      id: this.ids.next(),
      state: 'queued',
      dueAt: this.parts.clock.now(),
      attempts: [],
    };
    this.queue.push(copy);
    return copy;
  }

  /** The named ones first, in this order. */
  reorder(ids: readonly string[]): void {
    const named = ids.map((id) => this.find(id));
    this.queue = [...named, ...this.queue.filter((delivery) => !named.includes(delivery))];
  }

  clear(): void {
    this.queue = [];
  }

  /** One attempt now, whatever its due time. */
  async deliver(id: string, tamper?: Tamper): Promise<Attempt> {
    return this.oneByOne(() => this.attempt(this.find(id), tamper));
  }

  /** One attempt for everything that is due by the emulator clock; returns how many were made. */
  async deliverDue(): Promise<number> {
    return this.oneByOne(async () => {
      const now = this.parts.clock.now();
      const due = this.inOrder(this.queued().filter((delivery) => delivery.dueAt <= now));
      for (const delivery of due) if (delivery.state === 'queued') await this.attempt(delivery);
      return due.length;
    });
  }

  private inOrder(due: Delivery[]): Delivery[] {
    // Ids are hashes: their order is as good as any shuffle and the same every time.
    return this.parts.switches['webhook.order'] === 'shuffle' ? due.sort((a, b) => (a.id < b.id ? -1 : 1)) : due;
  }

  private oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.running.then(work);
    this.running = next.catch(() => undefined);
    return next;
  }

  private async attempt(delivery: Delivery, tamper?: Tamper): Promise<Attempt> {
    const { clock, switches, registration } = this.parts;
    const target = registration();
    if (!target) throw new Error('No webhook is registered');
    const result = await this.send(delivery, target, tamper);
    const attempt: Attempt = { at: clock.now(), ...result };
    delivery.attempts.push(attempt);
    if (attempt.status !== undefined && attempt.status >= 200 && attempt.status < 300) delivery.state = 'delivered';
    else {
      const wait = switches['webhook.scheduleMs'][delivery.attempts.length - 1];
      if (wait === undefined) delivery.state = 'offline';
      else delivery.dueAt = clock.now() + wait;
    }
    return attempt;
  }

  private async send(delivery: Delivery, target: Registration, tamper?: Tamper): Promise<Omit<Attempt, 'at'>> {
    await this.parts.signer.ready();
    const sent = tamper === 'body' ? delivery.body.replace('referral', 'referraI') : delivery.body;
    const signature = this.parts.signer.signature(tamper === 'signature' ? `${delivery.body} ` : delivery.body);
    const header = target.signatureTokenToMsSignatureHeader ? 'x-ms-signature' : 'authorization';
    const headers = {
      'content-type': 'application/json',
      'x-ms-certificate-url': this.parts.certificateUrl(),
      'x-ms-signature-algorithm': tamper === 'algorithm' ? 'rsa-md5' : 'rsa-sha256',
      ...(tamper === 'unsigned' ? {} : { [header]: `Signature ${signature}` }),
    };
    try {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(target.webhookUrl, {
        method: 'POST',
        headers,
        body: sent,
        redirect: 'manual',
        signal,
      });
      await response.arrayBuffer();
      return { status: response.status };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  private bodyOf({ eventName, resourceUri, resourceName }: Notification): string {
    const { clock, switches } = this.parts;
    // Notifications write all seven fraction digits and a numeric offset, unlike the API.
    const [whole = '', fraction = ''] = instant(clock.now(), 1_234).replace('Z', '').split('.');
    const values = {
      eventName,
      resourceUri,
      resourceName,
      auditUri: null,
      resourceChangeUtcDate: `${whole}.${fraction.padEnd(7, '0')}+00:00`,
    };
    const pascal = switches['webhook.case'] === 'pascal';
    return JSON.stringify(
      Object.fromEntries(Object.entries(values).map(([name, value]) => [pascal ? pascalCase(name) : name, value])),
      undefined,
      4,
    );
  }

  private find(id: string): Delivery {
    const found = this.queue.find((delivery) => delivery.id === id);
    if (!found) throw new Error(`There is no delivery ${id}`);
    return found;
  }
}
