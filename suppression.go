package presage

import "time"

// Suppression is a person's STOP. It belongs to the number, or to the e-mail
// address, not to the customer:
// it stands when the customer is deleted, imported again or registered twice,
// and until the person lifts it.
type Suppression struct {
	Address string      // the number in E.164; of e-mail the address, see Email.Key
	Channel ChannelName // push, SMS, e-mail or call
	Since   time.Time
	Source  string // "sms STOP", "link STOP", UnsubscribeSource, ...
}
