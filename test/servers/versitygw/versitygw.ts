import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromGo, IGNORES_CUSTOMER_KEYS, KEYS, type ServerPackage } from '../ServerPackage';

export const versitygw: ServerPackage = {
	name: 'VersityGW',
	...fromGo('github.com/versity/versitygw/cmd/versitygw', '1.8.0'),
	start: (home, { folder, port }) => {
		const objects = join(folder, 'objects');
		const versions = join(folder, 'versions');
		for (const path of [objects, versions]) mkdirSync(path);
		return {
			command: join(home, 'bin', 'versitygw'),
			args: ['--port', `127.0.0.1:${port}`, 'posix', '--versioning-dir', versions, objects],
			env: { ROOT_ACCESS_KEY: KEYS.accessKeyId, ROOT_SECRET_KEY: KEYS.secretAccessKey },
		};
	},
	lacks: ['keysUnlikePaths', 'tagCharacters', 'tagsVersion', 'acls'],
	summary:
		'Works. Has no storage classes, and ignores an *Encryption Customer Key*; keys have to be paths of files.',
	consequences: [
		IGNORES_CUSTOMER_KEYS,
		'If the connection breaks off while an object is uploaded, it keeps the beginning. The node fails, but part of the object is there: put it again.',
		'It gives each part of a copy (above 5 GiB) the checksum of the whole source. The node notices that, and copies without checksums.',
	],
	faults: {
		'an ACL that S3 does not have stores nothing': 'takes ACLs with names that S3 does not have',
		'an object in another storage class is private, or has the ACL that is asked for':
			'has no storage classes',
		'a put sends the checksum MD5':
			'computes a checksum for every object, also for one that was sent with none',
		'a put stores nothing of a file with fewer bytes than it said':
			'stores what had arrived of an object when the connection breaks off',
		'a put stores nothing of a file with more bytes than it said':
			'stores what had arrived of an object when the connection breaks off',
		'a get reads under conditions': 'ignores a date in the future as condition',
		'a get reads what a customer’s own key encrypts with that key alone':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head of an object under a customer’s own key needs that key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'keys of any kind make the round trip unchanged, path style':
			'refuses keys that no file can have as its path',
		'more than 1,000 objects are deleted in a few requests, and what is not there with them':
			'refuses to delete a key that is the folder of others',
		'ten tags of the longest names and values are kept':
			'fails with status 500 if all tags together are longer than an extended attribute of a file',
		'versions and markers are deleted with others': 'refuses the version ID `null`',
		'a failure tells a wrong access key': 'calls an unknown access key `XAdminUserNotFound`',
		'versions of more than one page are all listed once, also those of a key on two pages':
			'names no delete marker when objects are deleted together',
		'every object under a prefix is deleted, whatever its key, and no other':
			'refuses keys that no file can have as its path',
		'deleted objects come back from under their delete markers, with content and metadata':
			'refuses keys that no file can have as its path',
		'versions of a moment come back over newer ones, with metadata, tags and storage class, however large':
			'dates a version by the moment at which it was replaced',
		'a copy is of the object with the key “a?versionId=b”':
			'takes `?versionId=` in the key of a source for a version',
		'a copy of an object under a customer’s own key needs that key, and may have another':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an object under a customer’s own key stays so in another storage class and another place':
			'has no storage classes',
		'a copy is not locked as its source is, and an object in another storage class is':
			'has no storage classes',
		'a copy does not have the redirect of its source, and an object in another storage class keeps it':
			'has no storage classes',
		'an object in another storage class has all it had': 'has no storage classes',
		'a large object goes to another storage class in parts, with all it had':
			'has no storage classes',
		'a version in another storage class is the newest, and the old ones stay':
			'has no storage classes',
		'an archived object is read, copied and put into another class when it was restored':
			'has no storage classes',
		'a link works for an object under a customer’s own key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a form with a prefix names the object after the file, and sends the browser on':
			'does not put the name of the file into the key of an upload form',
		'an append to a small secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an append to a large secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
	},
};
