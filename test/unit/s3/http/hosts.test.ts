import { isPrivateHost } from '../../../../s3/http/hosts';

const hostOf = (host: string) => new URL(`http://${host}:9000`).hostname;

test.each([
	'localhost',
	'bucket.localhost',
	'127.0.0.1',
	'[::1]',
	'10.1.2.3',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.178.20',
	'169.254.1.1',
	'100.64.0.1',
	'100.127.9.9',
	'[fd12:3456::1]',
	'[fe80::1]',
	'minio',
	'minio.local',
	'storage.internal',
	's3.home.arpa',
])('%s is in a private network', (host) => {
	expect(isPrivateHost(hostOf(host))).toBe(true);
});

test.each([
	'minio.example.com',
	'10.example.com',
	'127.0.0.1.example.com',
	'localhost.example.com',
	'local.example.com',
	'8.8.8.8',
	'100.63.0.1',
	'100.128.0.1',
	'172.15.0.1',
	'172.32.0.1',
	'192.169.0.1',
	'[2001:db8::1]',
])('%s is not in a private network', (host) => {
	expect(isPrivateHost(hostOf(host))).toBe(false);
});
