import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keys, TestServer } from '../TestServer';

/** Ceph's S3 gateway; what it deletes stays in its memory until it is told to drop it. */
export interface Radosgw extends TestServer {
	/** The limited user may do what a policy of IAM allows, which the main user may put. */
	users: { main: Keys; limited: Keys };
	collectGarbage(): void;
}

/**
 * Starts Ceph's S3 gateway on loopback; throws with the command that installs it if it is missing.
 * @param options.port its own; Ceph takes further ones up to 60 above it, which no other server may have
 * @param options.gibibytes the size of its store, which lies in memory
 */
export function startRadosgw({ port = 8650, gibibytes = 8 } = {}): Radosgw {
	const folder = mkdtempSync(join(tmpdir(), 'radosgw-'));
	const stop = () => execFileSync(join(__dirname, 'stop.sh'), [folder], { stdio: 'inherit' });
	try {
		execFileSync(join(__dirname, 'start.sh'), [folder, String(port), String(gibibytes)], {
			// Its daemons live on and would keep our pipes open.
			stdio: ['ignore', 'ignore', 'inherit'],
		});
	} catch (error) {
		stop();
		throw error;
	}
	return {
		name: 'radosgw',
		endpoint: `http://127.0.0.1:${String(port)}`,
		virtualHostEndpoint: `http://s3.localhost:${String(port)}`,
		region: 'us-east-1',
		users: {
			main: {
				accessKeyId: 'mainaccesskey0001',
				secretAccessKey: 'main/secret+key000000000000000000000001',
			},
			limited: {
				accessKeyId: 'limitedaccesskey01',
				secretAccessKey: 'limited/secret+key000000000000000000001',
			},
		},
		lacks: [
			'checksums',
			'multipartTags',
			'multipartLocks',
			'completionEtag',
			'attributes',
			'tagsVersion',
			'tagCharacters',
			'tagAlphabet',
			'unlockedCopies',
			'redirectOfCopies',
			'secretCopies',
			'markerStatus',
			'archives',
			'newBucketsWithTags',
		],
		collectGarbage: () => {
			execFileSync('radosgw-admin', ['gc', 'process', '--include-all'], {
				env: { ...process.env, CEPH_CONF: join(folder, 'ceph.conf') },
				stdio: ['ignore', 'ignore', 'inherit'],
			});
		},
		stop: async () => {
			await Promise.resolve(stop());
		},
	};
}
