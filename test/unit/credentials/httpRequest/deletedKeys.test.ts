import { checkDeletedKeys } from '../../../../credentials/httpRequest/deletedKeys';
import type { Connection } from '../../../../s3/Connection';
import { failureOf } from '../../failureOf';

const connection = { bucket: 'mine', bucketOnly: true } as Connection;
const listOf = (key: string) => Buffer.from(`<Delete><Object><Key>${key}</Key></Object></Delete>`);

it.each(['../other/a', ' ../other/a', '&#x2e;./other/a', '%2e%2e/other/a', '<!-- -->a'])(
	'a list of keys to delete is refused with the key %s, which could lead out of the only bucket',
	(key) => {
		const failure = failureOf(() => checkDeletedKeys(connection, 'mine', listOf(key)));
		expect(failure).toMatchObject({ kind: 'refused' });
		checkDeletedKeys({ ...connection, bucketOnly: false }, 'mine', listOf(key));
	},
);

it('a list of keys to delete that is not known is refused for a credential for one bucket', () => {
	const failure = failureOf(() => checkDeletedKeys(connection, 'mine', undefined));
	expect(failure).toMatchObject({ kind: 'refused' });
});

it('a list of keys in the only bucket is not refused', () => {
	expect(() => checkDeletedKeys(connection, 'mine', listOf('a/../b..c'))).not.toThrow();
});
