import { randomBytes } from 'node:crypto';
import { json, plain, startLender, written } from './service';
import type { Lender, LenderOptions } from './service';

interface MetadataOptions extends LenderOptions {
	/** Name of the instance's role; null is an instance without one. */
	readonly role?: string | null;
	/** Knows only the first version, without tokens. */
	readonly isFirstVersion?: boolean;
	/** What EC2 reports in place of keys. */
	readonly report?: { readonly Code: string; readonly Message: string };
}

const ROLES = '/latest/meta-data/iam/security-credentials/';
const MAX_LIFE = 21_600;

/** Starts the metadata service of an EC2 instance. */
export async function startInstanceMetadata(options: MetadataOptions = {}): Promise<Lender> {
	const { role = 'n8n', isFirstVersion = false, report, clock = Date.now } = options;
	/** Milliseconds since 1970 at which they end. */
	const tokens = new Map<string, number>();
	return await startLender(options, ({ method, path, headers }, lend) => {
		if (path === '/latest/api/token') {
			if (isFirstVersion) return plain(404, 'Not Found');
			if (method !== 'PUT') return plain(405, 'Method Not Allowed');
			const life = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
			// EC2 gives no token to who was led there through a proxy.
			if (headers['x-forwarded-for'] !== undefined) return plain(403, 'Forbidden');
			if (!(life >= 1 && life <= MAX_LIFE)) return plain(400, 'Bad Request');
			const token = randomBytes(42).toString('base64');
			tokens.set(token, clock() + life * 1000);
			return plain(200, token);
		}
		const end = tokens.get(String(headers['x-aws-ec2-metadata-token'])) ?? 0;
		if (!isFirstVersion && end <= clock()) return plain(401, 'Unauthorized');
		if (role === null || method !== 'GET') return plain(404, 'Not Found');
		if (path === ROLES) return plain(200, role);
		if (path !== `${ROLES}${role}`) return plain(404, 'Not Found');
		if (report !== undefined) return json(200, { ...report, LastUpdated: '2026-11-30T00:00:00Z' });
		return json(200, { Code: 'Success', Type: 'AWS-HMAC', ...written(lend()) });
	});
}
