'use strict';

/** A real n8n and a real browser: `npm run test:e2e`. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: '<rootDir>/test/servers/n8n/globalSetup.ts',
	globalTeardown: '<rootDir>/test/servers/n8n/globalTeardown.ts',
	// n8n takes a while to start.
	testTimeout: 300_000,
	// Each file has an n8n to itself, and waits for it two thirds of its time: three keep two processors busy.
	maxWorkers: 3,
	// After a failed start there are processes and sockets that nobody closes any more.
	forceExit: true,
};
