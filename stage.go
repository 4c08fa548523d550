package presage

import "time"

// Stage is a step of a wait for a person.
type Stage string

// The stages, each counted from when the wait began, StageClosed too.
const (
	StageRead     Stage = "read"     // a person says to have read it
	StageAssigned Stage = "assigned" // a person has it
	StageAnswered Stage = "answered" // a person has answered, or called, for the first time
	StageClosed   Stage = "closed"
)

// Stages are all of them, in their order.
func Stages() []Stage { return []Stage{StageRead, StageAssigned, StageAnswered, StageClosed} }

// WaitKind is what waits for a person.
type WaitKind string

// What can wait.
const (
	WaitConversation WaitKind = "conversation"
	WaitCase         WaitKind = "case" // one that messages could not settle
)

// Wait is one time in which a conversation or a case waited for a person, from its first
// text or its escalation to its close. Times are zero until they come.
type Wait struct {
	ID         string    `json:"id"`
	Kind       WaitKind  `json:"kind"`
	CustomerID string    `json:"customer_id"`
	CaseID     string    `json:"case_id"`
	WorkshopID string    `json:"workshop_id"`
	Severity   Severity  `json:"severity"`
	Owner      string    `json:"owner"` // the last person who had it, "" for nobody
	CameAt     time.Time `json:"came_at"`
	DueAt      time.Time `json:"due_at"` // when a person has to have answered
	ReadAt     time.Time `json:"read_at,omitzero"`
	ReadBy     string    `json:"read_by,omitempty"` // who said so, "" where nobody gave a name
	AssignedAt time.Time `json:"assigned_at,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	ClosedAt   time.Time `json:"closed_at,omitzero"`
}

// Reached is when a stage was reached, zero for not yet.
func (w Wait) Reached(s Stage) time.Time {
	switch s {
	case StageRead:
		return w.ReadAt
	case StageAssigned:
		return w.AssignedAt
	case StageAnswered:
		return w.AnsweredAt
	case StageClosed:
	}
	return w.ClosedAt
}

// WaitFilter selects waits; fields that are empty select everything.
type WaitFilter struct {
	From, To   time.Time // came in [From, To)
	WorkshopID string
	Open       bool // not closed
	Limit      int  // 0 for all
}

// StageFigure is how long a stage took.
type StageFigure struct {
	Kind       WaitKind      `json:"kind"`
	Stage      Stage         `json:"stage"`
	WorkshopID string        `json:"workshop_id,omitempty"` // of a figure by workshop
	Adviser    string        `json:"adviser,omitempty"`     // of a figure by adviser
	Waits      int           `json:"waits"`                 // that came in
	Reached    int           `json:"reached"`               // of them, reached the stage
	Median     time.Duration `json:"-"`                     // of those that reached it
	P90        time.Duration `json:"-"`
	Limit      time.Duration `json:"-"` // the median of what the policy allows
	// Missed reached it too late, or have not yet though its time is over, out of
	// Judged: those that reached it, or whose time is over.
	Missed int `json:"missed"`
	Judged int `json:"judged"`
}

// Share is the part that missed its time; 0 where nothing is judged.
func (f StageFigure) Share() float64 {
	if f.Judged == 0 {
		return 0
	}
	return float64(f.Missed) / float64(f.Judged)
}

// MissedStage is a wait whose stage is over its time now.
type MissedStage struct {
	Wait

	Stage Stage     `json:"stage"` // the first that is missed
	By    time.Time `json:"by"`    // when it should have been reached
}

// StageGroup is by what figures are grouped.
type StageGroup string

// The groups.
const (
	GroupAll      StageGroup = "all"
	GroupWorkshop StageGroup = "workshop"
	GroupAdviser  StageGroup = "adviser"
)

// StageQuery asks for figures.
type StageQuery struct {
	WaitFilter

	By StageGroup // "" is all
}
