import { createPrivateKey } from 'node:crypto';
import { isCostlyToOpen } from '../../../../../s3/identity/rolesAnywhere/keyDerivation';

/** Keys that `openssl pkcs8 -topk8` encrypted with the passphrase x, by its options. */
const KEYS = {
	'': 'MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjlfoMjaCng/QICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEH9Pa/iSmNfWDxxpQtqGulAEgZAmbbDqOz25uSGIC6rwl9SnaucurVN4WmGKL6ywVjwiG+S8pqzUIOp1YuKSAtUNqusb/OE/C3e4EhF5U4+vwGFLZQS4NCvtlof9Xy0X/X8N71Xy5VlgJk3dXTPG5U2EQBSQm5t3Bv7oVHJ7gzYXT8bSLk3PdWuIGqo9GQIqrfATMchGcX+981ZGW4zZJfrVZbY=',
	'-iter 600000':
		'MIHtMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAiFWK8KwGQc9gIDCSfAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAECBBChN6A/S8YVI1UmegJfVAMfBIGQZVr3lgVFEXyLsHotxyqLYOpHdIwpd7fFWtMGdemFHzamUjFralEPnYpNBvq1rvSef8QnDfb+1mIErx+iq16N1j137rd8FUAlBqc2FsHxVeJIgb8mNB69GHEFYQN3mcAYvFNAlxxiWI8JNqw9Bpi3+sN8BaGfQKDTT0geF9H/zwfsaBaI5enV8Cj8JNqasYi3',
	'-iter 2000001':
		'MIHtMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAiYLUdlYuKZewIDHoSBMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAECBBBgXSpYPtYpV1OjUjhAAIjUBIGQKv1UcH0KzO0OUjnAA0ReWvWXmLTdgy+Oe12yDpCeKUdMG7Y9yvlXClIGgQHqDpkcfZALsoqYoOBwtd+LRk8SB/PfEP9FK+xbZt15Uf7ph0qi/OIBNZuUFKL9lOoMoXgXrDx/5PIec6kdNRiFaNzMwAwGh0t3XNiD2E848PFMdIB7QyMZ18qu5ElfInDRmbOp',
	'-scrypt':
		'MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAhcMf6E6E/inAICQAACAQgCAQEwHQYJYIZIAWUDBAECBBCd3uyc6wdeSSBt2oPIUZOGBIGQMsoG7iDhrCK4PuosEqkwTuj/ZNlrgKUIVXlNCnp70516agKHqLx2Hr5VEW3jQgMQoVV0z/sOux15X1XU7O0SumjQzER8Y6Ip8qJnlceAemROm9beWebX8FaARNNGLkgk0D880mLmInb7WVcFa8Qbxpy5W5zXovbCwvNCGB9JZUmdWSW3XET+o71uYeUGgPwj',
	'-scrypt -scrypt_N 1024 -scrypt_r 1 -scrypt_p 30000':
		'MIHlMFAGCSqGSIb3DQEFDTBDMCIGCSsGAQQB2kcECzAVBAhfCLDMgfgCngICBAACAQECAnUwMB0GCWCGSAFlAwQBAgQQlZBhblr2Qf1JKNHlMQAVAwSBkIDcvJxrasURbfLMeYXp1321K5VJIBQUlKAJ5ux3dA3PzssGv1+T6Yn1iZa1rLUIMW+XOxE5R4VAd3jpqYKqoyqi1U5ZZ6emWq2PSMn9fxIiu+kVl86cyA5eHKbfcY+Vw8NUjBxj7PhB5GwZhWhGwDDRUUWtP6d+Aq2FOVjXqhd3EDxEOGJNY70dTNwFZ2fJqA==',
	'-v1 PBE-SHA1-3DES':
		'MIGxMBwGCiqGSIb3DQEMAQMwDgQI8lbLbPOMU0YCAggABIGQRV7WLKZmqj2D4YBcRvLVznlLjm+2227kbS9koKKaH1TKvr+v1rKhA/jTlIPrfQzjQrdgSKSn7a/bHq4NVW2i8ibcwZbrzTlHVfp93DtMj7qLi9OfqTanSwT2y7nvTBYWnlOYrr9UHY8IFIWDaEmbGumTba4fUOx67xuar8bPzgxgHeBtwkk8UIE0LfG6ciu/',
	'-v1 PBE-SHA1-3DES -iter 2000001':
		'MIGyMB0GCiqGSIb3DQEMAQMwDwQIJhT10nCGeJcCAx6EgQSBkLO7EnE6qeHE+7w0+EDfHoz6b95n6nY8KMf33elJ7rkStiY4hASt7ekadcgYdqDbe8TGsmZmH7IGa5aGxnN/KB8kqbq6K35Neo/PdtvTsPYH0tk9DLxy2TZvt/jUgA0yKu3rspd6WI7UokzvXyd9V4n5SsCJIDYvWZAP7YLjEpgZLR082a0L9Hn5psdxjk6g5A==',
};
/** That of -iter 2000001 with its salt in two layers, which OpenSSL takes, too. */
const LAYERED =
	'MIHvMFoGCSqGSIb3DQEFDTBNMCwGCSqGSIb3DQEFDDAfJAoECA/D51PCOA7iAgMehIEwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBx7jjSXoniyhBMifA8lQ4kEgZD8MAl26qFhN6h9Pm8WbtlhjaAINBnHpWVSxuEDXU+qqzngZpVbDL+N/MyGBYUkUOLvk0ITy9dGS6QihdMh/svkvcBbICHXLWGlVfG2TeZPgS64TbSIdEfa8Xha9ldjZ11iC6cmQXWOFc+lEMfk0pYLRmIucLOewE5xV+PJcFDdI7G/2qc63m9AXDUOSLIheyQ=';
const derOf = (options: keyof typeof KEYS) => Buffer.from(KEYS[options], 'base64');

it.each(['', '-iter 600000', '-scrypt', '-v1 PBE-SHA1-3DES'] as const)(
	'a key encrypted with “openssl pkcs8 %s” is soon opened',
	(options) => {
		const der = derOf(options);
		expect(isCostlyToOpen(der)).toBe(false);
		const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase: 'x' });
		expect(key.asymmetricKeyType).toBe('ec');
	},
);

it.each([
	'-iter 2000001',
	'-v1 PBE-SHA1-3DES -iter 2000001',
	'-scrypt -scrypt_N 1024 -scrypt_r 1 -scrypt_p 30000',
] as const)('a key encrypted with “openssl pkcs8 %s” takes too long to open', (options) => {
	expect(isCostlyToOpen(derOf(options))).toBe(true);
});

it('a key whose parameters are written in another way than openssl does takes too long to open', () => {
	expect(isCostlyToOpen(Buffer.from(LAYERED, 'base64'))).toBe(true);
});

it('what is cut off within the parameters takes no time to open', () => {
	const der = derOf('-iter 2000001');
	for (let length = 0; length < 44; length++) {
		expect(isCostlyToOpen(der.subarray(0, length))).toBe(false);
	}
});
