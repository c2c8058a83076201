'use strict';

/** The trigger, simulated on two servers, and in a real n8n that is killed: `npm run test:trigger`. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/trigger/*.{test,n8n,radosgw}.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: '<rootDir>/test/servers/n8n/globalSetup.ts',
	globalTeardown: '<rootDir>/test/servers/n8n/globalTeardown.ts',
	// Three n8n start at the same time, which takes minutes on a busy machine.
	testTimeout: 900_000,
	maxWorkers: 3,
	// After a failed start there are processes and sockets that nobody closes any more.
	forceExit: true,
};
