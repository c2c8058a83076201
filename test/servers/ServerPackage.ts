/** Real S3 servers that package registries have by name. */
import { join } from 'node:path';
import type { CommandLine, Surroundings } from './program';
import type { Keys, Lack } from './TestServer';

export interface ServerPackage {
	readonly name: string;
	readonly version: string;
	/** What has to be on the machine before it can be installed and run. */
	readonly tools: readonly Tool[];
	/** Installs it into an empty folder. */
	readonly install: (home: string) => CommandLine[];
	/** Starts it in the foreground, on loopback. */
	readonly start: (home: string, surroundings: Surroundings) => CommandLine;
	/** Of the only user, where they are not `KEYS`. */
	readonly keys?: Keys;
	readonly lacks: readonly Lack[];
	/** Tests of the behaviour suite that it fails, by title, and what it does instead. */
	readonly faults: Readonly<Record<string, string>>;
	/** Those of these tests that it also passes: the fault shows only if requests meet at the wrong moment. */
	readonly byChance?: readonly string[];
	/** Whether it is of use, in a sentence or two for people. */
	readonly summary: string;
	/** What its faults mean to workflows, each in sentences for people. */
	readonly consequences: readonly string[];
}

/** The consequence of a fault that several servers have. */
export const IGNORES_CUSTOMER_KEYS =
	'It ignores an *Encryption Customer Key*. Put, Copy and Append with such a key fail, and say that the object is not encrypted with it. What was sent in one request is stored all the same, and can be read without the key: delete it.';

/** A program of the machine, and what has it. */
export type Tool = 'go' | 'python3' | 'java' | 'mvn' | 'swift-proxy-server' | 'memcached';

/** Of the only user, on servers that look at keys. */
export const KEYS: Keys = {
	accessKeyId: 'mainaccesskey0001',
	secretAccessKey: 'mainsecretkey000000000000000000000000001',
};

type Installation = Pick<ServerPackage, 'version' | 'tools' | 'install'>;

/** A command that Go builds; it is in the folder `bin`. */
export const fromGo = (path: string, version: string): Installation => ({
	version,
	tools: ['go'],
	install: (home) => [
		{
			command: 'go',
			args: ['install', `${path}@v${version}`],
			env: {
				GOBIN: join(home, 'bin'),
				GOPATH: join(home, '..', 'go'),
				// Files that nobody may write to could not be deleted with their folder.
				GOFLAGS: '-modcacherw',
			},
		},
	],
});

/** A package of Python in an environment of its own, with its commands in the folder `bin`. */
export const fromPython = (name: string, version: string): Installation => ({
	version,
	tools: ['python3'],
	install: (home) => [
		{ command: 'python3', args: ['-m', 'venv', home] },
		{ command: join(home, 'bin', 'pip'), args: ['install', '--quiet', `${name}==${version}`] },
	],
});
