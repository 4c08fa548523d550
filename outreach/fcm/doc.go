// Package fcm sends push messages by the HTTP v1 interface of Firebase Cloud
// Messaging, to every device of a customer.
//
// FCM cannot be asked for a message it was given and takes no idempotency key,
// so Find never finds one. What holds is: at least once, and shown once. After a
// lost answer or a crash the message is sent again, to all devices, with the
// same collapse key (a hash of the message's own key), which is also the tag of
// the notification on Android and in browsers and the apns-collapse-id on iOS:
// the second one takes the place of the first. The data part holds the message's
// ID, by which an app that draws its own notifications does the same.
//
// A message counts as sent when one device took it. What FCM answers is sorted
// by what to do about it:
//
//	UNREGISTERED, SENDER_ID_MISMATCH,
//	INVALID_ARGUMENT about the token   -> the device is removed; presage.ErrInvalid when none is left
//	other INVALID_ARGUMENT             -> presage.ErrInvalid, next channel
//	QUOTA_EXCEEDED, 429, 5xx, lost     -> presage.ErrUnavailable, tried again when Retry-After says
//	THIRD_PARTY_AUTH_ERROR, 401, 403,
//	no such project                    -> contact.ErrAccount, waits until mended
//
// No token and no text of a request appears in an error.
package fcm
