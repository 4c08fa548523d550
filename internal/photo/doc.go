// Package photo makes pictures that somebody sent fit to keep: upright, no larger than a
// page shows, and without what a camera writes beside a picture (where, when, which
// device). They are decoded and encoded anew, so that nothing of the file that was sent
// is ever served.
//
// A small file can be a huge picture. Size and number of passes are read before anything
// is decoded, and pictures are decoded one at a time: the most that it takes are some
// 400 MB, for a progressive JPEG of 25 million pixels without subsampling.
package photo
