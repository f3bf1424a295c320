/** Whether a host, as a URL has it, is this machine: what is sent there crosses no network, and no proxy. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
