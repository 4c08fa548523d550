package contact

import (
	"errors"
	"fmt"

	"presage"
)

// ConfigFault is one field of a channel's configuration that cannot be used.
type ConfigFault struct{ Field, Want string }

// ConfigFaults are all of one channel. The texts hold no secret.
type ConfigFaults []ConfigFault

// Check adds a fault unless ok.
func (f *ConfigFaults) Check(ok bool, field, want string) {
	if !ok {
		*f = append(*f, ConfigFault{field, want})
	}
}

// Err is nil, or all faults as ErrInvalid, each by its section and field.
func (f ConfigFaults) Err(section string) error {
	var errs []error
	for _, x := range f {
		errs = append(errs, fmt.Errorf("%w %s.%s: want %s", presage.ErrInvalid, section, x.Field, x.Want))
	}
	return errors.Join(errs...)
}
