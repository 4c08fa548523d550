// Package contact knows how a customer can be reached: over which channels, at
// which hours, and with which planned message.
package contact
