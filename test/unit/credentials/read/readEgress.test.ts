import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEgress, readUrlEgress } from '../../../../credentials/read/readEgress';

const NAMES = [
	'N8N_SSRF_PROTECTION_ENABLED',
	'N8N_SSRF_BLOCKED_IP_RANGES',
	'N8N_SSRF_ALLOWED_IP_RANGES',
	'N8N_SSRF_ALLOWED_HOSTNAMES',
	'N8N_SSRF_BLOCKED_HOSTNAMES',
];
const set = (variables: Record<string, string>) => Object.assign(process.env, variables);

const folder = mkdtempSync(join(tmpdir(), 'egress-'));
afterAll(() => {
	rmSync(folder, { recursive: true });
});
afterEach(() => {
	for (const name of NAMES) {
		Reflect.deleteProperty(process.env, name);
		Reflect.deleteProperty(process.env, `${name}_FILE`);
	}
});

it.each(['', 'false', '0', 'yes'])(
	'there are no rules if the protection of n8n is %j',
	(enabled) => {
		set({ N8N_SSRF_PROTECTION_ENABLED: enabled, N8N_SSRF_BLOCKED_HOSTNAMES: 'a' });
		expect(readEgress()).toBeUndefined();
	},
);

it.each(['true', 'TRUE', '1'])(
	'the rules are the defaults of n8n if its protection is %j',
	(enabled) => {
		set({ N8N_SSRF_PROTECTION_ENABLED: enabled });
		const rules = readEgress();
		expect(rules).toMatchObject({ allowedRanges: [], allowedHosts: [], blockedHosts: [] });
		expect(rules?.blockedRanges).toContain('127.0.0.0/8');
	},
);

it('lists are read as n8n reads them, with its defaults where they say so', () => {
	set({
		N8N_SSRF_PROTECTION_ENABLED: 'true',
		N8N_SSRF_BLOCKED_IP_RANGES: ' "Default, 100.64.0.0/10" ',
		N8N_SSRF_ALLOWED_IP_RANGES: '10.1.0.0/16,,fd12::/16 ',
		N8N_SSRF_ALLOWED_HOSTNAMES: '*.internal, minio',
		N8N_SSRF_BLOCKED_HOSTNAMES: 'vault',
	});
	const rules = readEgress();
	expect(rules).toMatchObject({
		allowedRanges: ['10.1.0.0/16', 'fd12::/16'],
		allowedHosts: ['*.internal', 'minio'],
		blockedHosts: ['vault'],
	});
	expect(rules?.blockedRanges).toContain('169.254.0.0/16');
	expect(rules?.blockedRanges.at(-1)).toBe('100.64.0.0/10');
});

it('a variable may be in a file, as everywhere in n8n', () => {
	const file = join(folder, 'enabled');
	writeFileSync(file, ' true\n');
	set({ N8N_SSRF_PROTECTION_ENABLED_FILE: file });
	expect(readEgress()).toBeDefined();
	set({ N8N_SSRF_PROTECTION_ENABLED: 'false' });
	expect(readEgress()).toBeUndefined();
});

it.each(['', 'yes', 'true'])(
	'internal addresses are blocked for files of URLs if the protection of n8n is %j',
	(enabled) => {
		set({ N8N_SSRF_PROTECTION_ENABLED: enabled });
		const rules = readUrlEgress();
		expect(rules).toMatchObject({ allowedRanges: [], allowedHosts: [], blockedHosts: [] });
		expect(rules?.blockedRanges).toEqual(
			expect.arrayContaining([
				'10.0.0.0/8',
				'100.64.0.0/10',
				'127.0.0.0/8',
				'224.0.0.0/4',
				'::/96',
			]),
		);
	},
);

it('the lists of the owner hold for files of URLs, also without the protection of n8n', () => {
	expect(readUrlEgress()).toBeDefined();
	set({
		N8N_SSRF_BLOCKED_IP_RANGES: '8.8.8.0/24',
		N8N_SSRF_ALLOWED_IP_RANGES: '10.1.0.0/16',
		N8N_SSRF_ALLOWED_HOSTNAMES: 'files.internal',
		N8N_SSRF_BLOCKED_HOSTNAMES: 'vault.example.com',
	});
	const rules = readUrlEgress();
	expect(rules).toMatchObject({
		allowedRanges: ['10.1.0.0/16'],
		allowedHosts: ['files.internal'],
		blockedHosts: ['vault.example.com'],
	});
	expect(rules?.blockedRanges).toEqual(expect.arrayContaining(['8.8.8.0/24', '192.168.0.0/16']));
});

it.each(['false', 'FALSE', '0'])(
	'there are no rules for files of URLs if the protection of n8n was set to %j',
	(enabled) => {
		set({ N8N_SSRF_PROTECTION_ENABLED: enabled, N8N_SSRF_BLOCKED_HOSTNAMES: 'a' });
		expect(readUrlEgress()).toBeUndefined();
	},
);
