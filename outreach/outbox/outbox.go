// Package outbox is the channel that is there without any provider: messages
// are shown on the console's outbox page, which reads the message rows
// themselves. It stands in for push and SMS.
package outbox

import (
	"context"

	"presage"
)

// Channel is the on-screen outbox. Its zero value is ready; it holds nothing,
// because the stored rows are the outbox.
type Channel struct{}

// Name is presage.ChannelOutbox.
func (Channel) Name() presage.ChannelName { return presage.ChannelOutbox }

// Send always succeeds: with the row recorded as sent the message is on screen.
func (Channel) Send(_ context.Context, m presage.Message, _ presage.Customer) (string, error) {
	return "outbox:" + m.ID, nil
}

// Find says that nothing has left the house, so that a message interrupted by a
// crash is sent again; it still appears once, because it is one row.
func (Channel) Find(context.Context, presage.Message, presage.Customer) (string, bool, error) {
	return "", false, nil
}
