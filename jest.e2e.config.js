'use strict';

/** A real n8n and a real browser: `npm run test:e2e`. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: '<rootDir>/test/servers/n8n/installBoth.ts',
	// n8n takes a while to start.
	testTimeout: 300_000,
	// Each file has an n8n of its own; more than two at a time would only wait for each other.
	maxWorkers: 2,
	// After a failed start there are processes and sockets that nobody closes any more.
	forceExit: true,
};
