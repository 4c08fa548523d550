package presage

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Policy is one version of what an operator decided about outreach. Versions
// count from 1 and are never changed; the newest is in force. Version 0 is the
// configuration, in force while none is stored.
type Policy struct {
	Version  int64           `json:"version"`
	Document json.RawMessage `json:"document" doc:"The whole policy"`
	PutAt    time.Time       `json:"put_at,omitzero"`
	By       string          `json:"by,omitempty" doc:"Who put it"`
	Note     string          `json:"note,omitempty" doc:"Why"`
}

// CheckAuthor names, by field, what is wrong with who puts a version of a document and why; ErrInvalid.
func CheckAuthor(by, note string) error {
	var faults []error
	if strings.TrimSpace(by) == "" {
		faults = append(faults, AtField("by", fmt.Errorf("%w: want who puts it", ErrInvalid)))
	}
	if err := CheckPlain(by, longestName); err != nil {
		faults = append(faults, AtField("by", err))
	}
	if err := CheckPlain(note, 500); err != nil {
		faults = append(faults, AtField("note", err))
	}
	return errors.Join(faults...)
}
