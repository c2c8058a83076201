/**
 * Whether requests to this host never leave the machine.
 * @param hostname as in `URL.hostname`
 */
export function isLoopback(hostname: string): boolean {
	return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
