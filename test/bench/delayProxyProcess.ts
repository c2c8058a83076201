/** A delay proxy in a process of its own, until its input ends. The arguments are an endpoint and milliseconds. */
import { startDelayProxy } from '../servers/delayProxy';

async function main([endpoint = '', roundTrip]: string[]): Promise<void> {
	const proxy = await startDelayProxy(endpoint, Number(roundTrip));
	process.stdout.write(proxy.endpoint);
	process.stdin.resume().once('end', () => void proxy.stop());
}

void main(process.argv.slice(2));
