import { join } from 'node:path';
import { fromPython, IGNORES_CUSTOMER_KEYS, type ServerPackage } from '../ServerPackage';

export const moto: ServerPackage = {
	name: 'moto',
	...fromPython('moto[server]', '5.2.5'),
	start: (home, { port }) => ({
		command: join(home, 'bin', 'moto_server'),
		args: ['-H', '127.0.0.1', '-p', String(port)],
	}),
	lacks: ['checksums', 'multipartLocks', 'redirectOfCopies', 'tagsOfNewBuckets'],
	summary: 'For tests only: it takes every access key and signature. Most other things work.',
	consequences: [IGNORES_CUSTOMER_KEYS],
	faults: {
		'a put of more than the threshold gives the object its ACL, and none unless it is asked for':
			'fails with status 500 when the ACL of an object in parts is asked for',
		'a copy in parts is private, or has the ACL that is asked for':
			'fails with status 500 when the ACL of an object in parts is asked for',
		'the ACL public-read-write grants what its name says':
			'grants with `public-read-write` no more than with `public-read`',
		'an ACL that S3 does not have stores nothing':
			'fails with status 500 for an ACL that it does not have',
		'a get reads what a customer’s own key encrypts with that key alone':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head of an object under a customer’s own key needs that key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'keys of any kind make the round trip unchanged, path style': 'refuses keys with a line break',
		'keys are the same for uploads in parts': 'refuses keys with a line break',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'does not say that a version was a delete marker',
		'versions and markers are deleted with others':
			'does not say that a version was a delete marker',
		'tags are merged, replaced and removed': 'drops blanks around the values of tags',
		'each version has tags of its own': 'fails with status 500 for the tags of a version',
		'a head comes with the attributes, if the server has them':
			'has no checksum among the attributes of an object',
		'a failure tells a wrong secret': 'takes every key and signature',
		'a failure tells a wrong access key': 'takes every key and signature',
		'versions of more than one page are all listed once, also those of a key on two pages':
			'names no delete marker when objects are deleted together',
		'a listing of versions begins after a key, and puts keys together up to a delimiter':
			'leaves out a version when a listing of versions begins after a key',
		'every object under a prefix is deleted, whatever its key, and no other':
			'refuses keys with a line break',
		'deleted objects come back from under their delete markers, with content and metadata':
			'refuses keys with a line break',
		'a delete marker that was deleted with all versions brings nothing back':
			'does not say that a version was a delete marker',
		'a delete while versions are suspended puts a marker for the version null and keeps the older ones':
			'forgets all versions of an object that is deleted while versions are suspended',
		'uploads that never ended are aborted if they are old enough': 'refuses keys with a line break',
		'a copy of an object under a customer’s own key needs that key, and may have another':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an object under a customer’s own key stays so in another storage class and another place':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a copy is not locked as its source is, and an object in another storage class is':
			'refuses a copy that is to be locked',
		'an archived object is read, copied and put into another class when it was restored':
			'calls the archived source of a copy `ObjectNotInActiveTierError`',
		'a link that was changed, or used with another method, is refused':
			'takes every key and signature',
		'a link that has expired is refused': 'takes every key and signature',
		'a link to upload takes what was signed and nothing else': 'takes every key and signature',
		'a link works for an object under a customer’s own key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a form stores a file under the conditions that were signed':
			'ignores the conditions of an upload form',
		'a form that was changed or has expired is refused': 'ignores the conditions of an upload form',
		'an append to a small secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an append to a large secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
	},
};
