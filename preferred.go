package presage

import (
	"cmp"
	"fmt"
	"slices"
)

// A customer who names channels is told over the first of them that reaches them,
// then over the next. A channel that they do not name tells them nothing but what
// is a matter of safety, after the named ones. A call is no such channel: whether
// a person may call is consent, and about safety a person calls in any case.

// Preferable are the channels that a customer may name.
func Preferable() []ChannelName { return []ChannelName{ChannelPush, ChannelSMS, ChannelEmail} }

// CheckPreferred names every fault of a customer's channels.
func CheckPreferred(names []ChannelName) (faults []error) {
	for i, name := range names {
		switch {
		case !slices.Contains(Preferable(), name):
			faults = append(faults, AtField(fmt.Sprintf("preferred_channels[%d]", i),
				fmt.Errorf("%w: %.20q: want one of %v", ErrInvalid, string(name), Preferable())))
		case slices.Contains(names[:i], name):
			faults = append(faults, AtField(fmt.Sprintf("preferred_channels[%d]", i),
				fmt.Errorf("%w: %q once more", ErrInvalid, name)))
		}
	}
	return faults
}

// excludes tells whether a customer wants nothing of a purpose over a channel. The
// outbox stands in for what they named.
func (c Consent) excludes(p Purpose, channel ChannelName) bool {
	named := len(c.Preferred) > 0 && slices.Contains(Preferable(), channel)
	return named && p != PurposeSafety && !slices.Contains(c.Preferred, channel)
}

// InOrder puts channels into the customer's order: those that they named first,
// the others after them as they were.
func (c Consent) InOrder(names []ChannelName) []ChannelName {
	rank := func(name ChannelName) int {
		if i := slices.Index(c.Preferred, name); i >= 0 {
			return i
		}
		return len(c.Preferred)
	}
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b ChannelName) int { return cmp.Compare(rank(a), rank(b)) })
	return sorted
}
