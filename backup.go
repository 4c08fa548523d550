package presage

import "time"

// The states of a backup.
const (
	BackupNone    = "none" // since the start of the service
	BackupRunning = "running"
	BackupDone    = "done"
	BackupFailed  = "failed"
)

// BackupState is how the latest backup stands.
type BackupState struct {
	State   string           `json:"state" enum:"none,running,done,failed"`
	Dir     string           `json:"dir" doc:"The folder, on the machine of the service"`
	Began   time.Time        `json:"began" doc:"What was acknowledged before is in it, missing apart"`
	Ended   *time.Time       `json:"ended"`
	Bytes   int64            `json:"bytes"`
	Counts  map[string]int64 `json:"counts" doc:"Rows in the copy"`
	Missing []string         `json:"missing" doc:"What is not in it, and where that is"`
	Error   string           `json:"error,omitempty"`
}
