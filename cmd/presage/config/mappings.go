package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"presage"
	"presage/ingest/mapped"
)

// maxMapping bounds a mapping's file in bytes.
const maxMapping = 1 << 20

// Mapped are those of ingest.formats that come with Presage and those of the
// files in ingest.mappings. The error has every fault of every file.
func (i Ingest) Mapped() ([]*mapped.Mapping, error) {
	var out []*mapped.Mapping
	var faults []error
	names := map[string]string{}
	take := func(from string, m *mapped.Mapping, err error) {
		if err != nil {
			faults = append(faults, err)
			return
		}
		if other, twice := names[m.Name()]; twice {
			faults = append(faults, fmt.Errorf("%w %s: name %q is %s's as well: choose another",
				presage.ErrInvalid, from, m.Name(), other))
			return
		}
		names[m.Name()] = from
		out = append(out, m)
	}
	for _, name := range i.Formats {
		if slices.Contains(mapped.ShippedNames(), name) {
			m, err := mapped.Shipped(name)
			take("ingest.formats", m, err)
		}
	}
	for _, file := range i.Mappings {
		m, err := readMapping(file)
		take(file, m, err)
	}
	return out, errors.Join(faults...)
}

func readMapping(file string) (*mapped.Mapping, error) {
	info, err := os.Stat(file)
	if err == nil && info.Size() > maxMapping {
		return nil, fmt.Errorf("%w %s: more than %d bytes: not a mapping", presage.ErrInvalid, file, maxMapping)
	}
	var content []byte
	if err == nil {
		content, err = os.ReadFile(file)
	}
	if err != nil {
		if reason, ok := errors.AsType[*fs.PathError](err); ok {
			err = reason.Err
		}
		return nil, fmt.Errorf("%w %s: cannot be read: %w", presage.ErrInvalid, file, err)
	}
	return mapped.Parse(file, content)
}

// mappings checks every file that maps JSON to signals.
func (v *check) mappings(in Ingest) {
	_, err := in.Mapped()
	if err == nil {
		return
	}
	for fault := range strings.SplitSeq(err.Error(), "\n") {
		v.require(false, "ingest.mappings", "%s", strings.TrimPrefix(fault, presage.ErrInvalid.Error()+" "))
	}
}
