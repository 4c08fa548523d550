package presage

import (
	"encoding/json"
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
