package presage

import "time"

// Suppression is a person's STOP. It belongs to the number, not to the customer:
// it stands when the customer is deleted, imported again or registered twice,
// and until the person lifts it.
type Suppression struct {
	Phone   Phone       // E.164
	Channel ChannelName // push, SMS or call
	Since   time.Time
	Source  string // "sms STOP", "link STOP", ...
}
