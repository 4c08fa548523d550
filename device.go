package presage

import "time"

// Platform is what a device runs.
type Platform string

// The platforms.
const (
	Android       Platform = "android"
	IOS           Platform = "ios"
	Web           Platform = "web"
	OtherPlatform Platform = "other"
)

// Device is one installation of the maker's app, which push messages reach. A
// customer has several; a token belongs to one customer at a time.
type Device struct {
	ID         string   `json:"id"` // the app's own, unique within the customer
	CustomerID string   `json:"customer_id"`
	Platform   Platform `json:"platform"`
	// Token is the push provider's address of the installation. It changes
	// when the provider gives a new one: the app registers it then.
	Token        Secret    `json:"-"`
	RegisteredAt time.Time `json:"registered_at"`
	SeenAt       time.Time `json:"seen_at"` // when the app last registered it
}
