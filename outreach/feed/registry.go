package feed

import (
	"errors"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/webhook"
)

// Check tells all that is wrong with a subscription, by field; ErrInvalid.
// One without secrets keeps those that it has.
func Check(x presage.Subscription) error {
	var faults []error
	told := func(field string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", field, err))
		}
	}
	hook := webhook.Config{Channel: presage.ChannelPush, URL: x.URL.Reveal(), Secrets: x.Secrets}
	for _, f := range hook.Faults() {
		if f.Field == "secrets" && len(x.Secrets) == 0 {
			continue
		}
		told(f.Field, fmt.Errorf("%w: want %s", presage.ErrInvalid, f.Want))
	}
	told("url", presage.CheckPlain(x.URL.Reveal(), 2000))
	for i, t := range x.Types {
		if !slices.Contains(presage.ChangeTypes(), t) {
			told(fmt.Sprintf("types[%d]", i),
				fmt.Errorf("%w: %.64q: want one of %v", presage.ErrInvalid, t, presage.ChangeTypes()))
		}
	}
	if x.System != "" {
		told("system", presage.CheckID(x.System))
	}
	if len(x.Secrets) > 2 {
		told("secrets", fmt.Errorf("%w: want two at the most: the new one and the one before", presage.ErrInvalid))
	}
	return errors.Join(faults...)
}
