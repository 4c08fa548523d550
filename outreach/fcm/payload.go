package fcm

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"presage"
)

// The bounds of a message's life: FCM keeps none longer than four weeks.
const (
	shortest  = time.Minute
	longest   = 28 * 24 * time.Hour
	withoutTo = 24 * time.Hour // for a message that is not about an offer
)

// Key is what a message collapses by on a device: a hash of its idempotency key,
// short enough for apns-collapse-id (64 bytes) and the topic of web push (32).
func Key(m presage.Message) string {
	sum := sha256.Sum256([]byte(m.Key))
	return hex.EncodeToString(sum[:16])
}

type payload struct {
	Message pushed `json:"message"`
}

// pushed is the resource "Message" of FCM HTTP v1, as far as it is used.
type pushed struct {
	Token        string            `json:"token"`
	Notification notification      `json:"notification"`
	Data         map[string]string `json:"data"`
	Android      android           `json:"android"`
	APNS         apns              `json:"apns"`
	Web          webpush           `json:"webpush"`
}

type notification struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

type android struct {
	CollapseKey  string            `json:"collapse_key"`
	Priority     string            `json:"priority"`
	TTL          string            `json:"ttl"`
	Notification map[string]string `json:"notification"`
}

type apns struct {
	Headers map[string]string `json:"headers"`
	Payload map[string]any    `json:"payload"`
}

type webpush struct {
	Headers      map[string]string `json:"headers"`
	Notification map[string]string `json:"notification"`
	Options      map[string]string `json:"fcm_options,omitempty"`
}

// write makes the message for all devices; the token is filled in for each. Until
// is when it says nothing any more, receipt the token by which the app reports it.
func write(m presage.Message, now, until time.Time, receipt string) pushed {
	key, ttl := Key(m), min(max(until.Sub(now), shortest), longest)
	seconds := strconv.FormatInt(int64(ttl/time.Second), 10)
	priority, urgency, immediate := "NORMAL", "normal", "5"
	if m.Safety {
		priority, urgency, immediate = "HIGH", "high", "10"
	}
	out := pushed{
		Notification: notification{Title: m.Title, Body: m.Body},
		Data: map[string]string{
			"message_id": m.ID, "kind": m.Kind, "lang": string(m.Lang), "link": m.Link,
			"safety": strconv.FormatBool(m.Safety), "receipt": receipt,
		},
		Android: android{
			CollapseKey: key, Priority: priority, TTL: seconds + "s", Notification: map[string]string{"tag": key},
		},
		APNS: apns{
			Headers: map[string]string{
				"apns-collapse-id": key, "apns-priority": immediate,
				"apns-expiration": strconv.FormatInt(now.Add(ttl).Unix(), 10),
			},
			Payload: map[string]any{"aps": map[string]any{"sound": "default"}},
		},
		Web: webpush{
			Headers:      map[string]string{"TTL": seconds, "Urgency": urgency, "Topic": key},
			Notification: map[string]string{"tag": key},
		},
	}
	if m.Link != "" {
		out.Web.Options = map[string]string{"link": m.Link}
	}
	return out
}
