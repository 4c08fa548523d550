package contact

import (
	"context"
	"errors"
	"fmt"

	"presage"
)

// Channel is one way to reach a customer, e.g. an SMS provider. An error of
// Send is understood by its kind:
//
//	presage.ErrInvalid       refused for good: the next channel is tried
//	ErrBadAddress            nobody has the address: nothing more is sent there, the next channel is tried
//	ErrOptedOut              the customer told the provider to stop: consent is withdrawn
//	ErrQuietHours            the provider refuses this hour: tried again in the morning
//	ErrAccount               our account or configuration is at fault: the queue waits for the operator
//	ErrAccount, ErrInvalid   the provider does not say whose fault it is: the queue waits, until others pass
//	anything else            may have been sent or not: asked by Find, then tried again
//
// The texts of errors must not hold phone numbers or tokens.
type Channel interface {
	Name() presage.ChannelName
	// Send hands the message over and returns the provider's ID for it.
	Send(ctx context.Context, m presage.Message, c presage.Customer) (providerID string, err error)
	// Find asks the provider whether it already has the message.
	Find(ctx context.Context, m presage.Message, c presage.Customer) (providerID string, found bool, err error)
}

// ErrOptedOut means that the provider knows that the customer wants no messages.
var ErrOptedOut = errors.New("the customer opted out at the provider")

// ErrQuietHours means that the provider sends nothing to this customer at this hour.
var ErrQuietHours = errors.New("the provider keeps quiet hours")

// ErrAccount means that the provider refuses our account or its configuration,
// whoever the message is for.
var ErrAccount = errors.New("the provider refuses our account")

// ErrBadAddress means that the customer's address reaches nobody.
var ErrBadAddress = fmt.Errorf("%w address: it reaches nobody", presage.ErrInvalid)
