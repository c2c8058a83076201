import { lentKeys } from '../../../../../s3/identity/machine/lentKeys';

it('keys are read by the names that services of machines give them', () => {
	const text = JSON.stringify({
		AccessKeyId: 'a',
		SecretAccessKey: 'b',
		Token: 'c',
		Expiration: 'd',
	});
	expect(lentKeys(text)).toEqual({
		accessKeyId: 'a',
		secretAccessKey: 'b',
		sessionToken: 'c',
		expiration: 'd',
	});
});

it.each(['', '<html>', 'null', '"text"'])('%j is not of a service of a machine', (text) => {
	expect(lentKeys(text)).toBeUndefined();
});
