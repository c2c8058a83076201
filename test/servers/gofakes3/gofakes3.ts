import { join } from 'node:path';
import { fromGo, type ServerPackage } from '../ServerPackage';

export const gofakes3: ServerPackage = {
	name: 'gofakes3',
	...fromGo('github.com/johannesboyne/gofakes3/cmd/gofakes3', '1.2.0'),
	start: (home, { port }) => ({
		command: join(home, 'bin', 'gofakes3'),
		args: ['-backend', 'memory', '-host', `127.0.0.1:${port}`],
	}),
	lacks: ['emptyUploads', 'checksums', 'attributes', 'tagAlphabet'],
	faults: {
		'a put names the ETag that the object then has':
			'gives an object that came in parts the MD5 of its content as ETag',
		'headers and metadata of a single upload are kept': 'drops Cache-Control and Content-Language',
		'headers and metadata of a multipart upload are kept':
			'drops Cache-Control and Content-Language',
		'a get reads under conditions': 'ignores If-Match',
		'a get reads what a customer’s own key encrypts with that key alone':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head of an object under a customer’s own key needs that key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a listing says of an object what it is': 'names no storage class',
		'a listing rolls keys up to common prefixes, in order with the others':
			'lists a key that ends with the delimiter beside its common prefix',
		'a listing names owners when it is asked to': 'names no owners',
		'keys of any kind make the round trip unchanged, path style':
			'lists control characters in keys as U+FFFD',
		'a head is what a get says of the object': 'names another version with HEAD than with GET',
		'a head comes with the tags': 'has no call to get tags, and sends the object instead',
		'a head of a version is that of this version':
			'has no call to get tags, and sends the object instead',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'breaks the connection off when a deleted object is read',
		'versions and markers are deleted with others':
			'does not say that a version was a delete marker',
		'the tags of an object are those it was put with, or none':
			'has no call to get tags, and sends the object instead',
		'tags are merged, replaced and removed':
			'has no call to get tags, and sends the object instead',
		'the tags of nothing are not found': 'has no call to get tags, and sends the object instead',
		'each version has tags of its own': 'has no call to get tags, and sends the object instead',
		'a failure tells a wrong secret': 'takes every key and signature',
		'a failure tells a wrong access key': 'takes every key and signature',
	},
};
