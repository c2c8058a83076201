import { join } from 'node:path';
import type { Keys } from '../TestServer';
import type { ServerPackage } from '../ServerPackage';

/** The access key is an account and one of its users. */
const KEYS: Keys = {
	accessKeyId: 'main:main',
	secretAccessKey: 'mainsecretkey000000000000000000000001',
};

export const swift: ServerPackage = {
	name: 'OpenStack Swift',
	version: '2.30.1',
	tools: ['swift-proxy-server', 'memcached'],
	install: () => [],
	keys: KEYS,
	start: (_home, { folder, port }) => ({
		command: join(__dirname, 'start.sh'),
		args: [folder, String(port), KEYS.accessKeyId, KEYS.secretAccessKey],
	}),
	lacks: [],
	faults: {},
};
