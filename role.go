package presage

import "slices"

// The roles of a process: what it does of what the service does. Those of persons are Roles.
const (
	ProcessIngest   = "ingest"   // lets vehicles in, and keeps what they send
	ProcessScore    = "score"    // rolls up and judges the shards of the fleet that it holds
	ProcessOutreach = "outreach" // decides, minds deadlines and sends
	ProcessForecast = "forecast" // plans parts
	ProcessAPI      = "api"      // serves the API and the pages
)

// ProcessRoles are all of them: what one process alone does.
func ProcessRoles() []string {
	return []string{ProcessIngest, ProcessScore, ProcessOutreach, ProcessForecast, ProcessAPI}
}

// Has tells whether the process has a role.
func (p Process) Has(role string) bool { return slices.Contains(p.Roles, role) }
