/** The service worker: shows what the portal pushed, and opens it. It keeps nothing and fetches nothing. */

interface Told {
  title: string;
  body: string;
  url: string;
  tag: string;
}

// the few parts of the worker's world that are used here; the page's library of types does not know them
interface Client {
  url: string;
  focus(): Promise<Client>;
  navigate(url: string): Promise<Client | null>;
}
interface Worker extends EventTarget {
  registration: { showNotification(title: string, options: object): Promise<void> };
  clients: { matchAll(options: object): Promise<Client[]>; openWindow(url: string): Promise<Client | null>; claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
const worker = self as unknown as Worker;

/** Only paths of the portal itself are opened. */
const home = (path: unknown): string => {
  const url = new URL(String(path ?? "/inbox/"), self.location.origin);
  return url.origin === self.location.origin ? url.href : `${self.location.origin}/inbox/`;
};

async function open(url: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: false });
  const page = pages[0];
  if (page) {
    await page.focus();
    await page.navigate(url);
  } else await worker.clients.openWindow(url);
}

worker.addEventListener("install", (event) => (event as Lasting).waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => (event as Lasting).waitUntil(worker.clients.claim()));

worker.addEventListener("push", (event) => {
  const data = (event as Lasting & { data: { json(): Told } | null }).data?.json();
  if (!data) return;
  const shown = worker.registration.showNotification(data.title, {
    body: data.body,
    tag: data.tag,
    renotify: true,
    icon: "/static/favicon.svg",
    data: { url: data.url },
  });
  (event as Lasting).waitUntil(shown);
});

worker.addEventListener("notificationclick", (event) => {
  const { notification } = event as Lasting & { notification: { close(): void; data: { url: string } | null } };
  notification.close();
  (event as Lasting).waitUntil(open(home(notification.data?.url)));
});
export {};
