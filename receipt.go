package presage

// Receipt is what a provider reports about a message after it took it.
type Receipt struct {
	ProviderID string `json:"provider_id"`
	Delivered  bool   `json:"delivered"`   // if neither delivered nor seen it failed
	Seen       bool   `json:"seen"`        // the customer opened it: it was delivered, too
	OptedOut   bool   `json:"opted_out"`   // failed because the customer told the provider to stop
	QuietHours bool   `json:"quiet_hours"` // failed because of the hour; tried again in the morning
	Account    bool   `json:"account"`     // failed because of our account or sender: it waits until that is mended
	Reason     string `json:"reason"`      // free of numbers
}
