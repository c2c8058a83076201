'use strict';

/** A real n8n and a real browser: `npm run test:e2e`. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	// The first test of each n8n installs it.
	testTimeout: 600_000,
	maxWorkers: 1,
	// After a failed start there are processes and sockets that nobody closes any more.
	forceExit: true,
};
