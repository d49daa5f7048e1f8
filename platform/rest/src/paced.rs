//! Bodies that are computed while they are sent (compressed ones) leave the thread to its other clients now and
//! then.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// How long a body may be computed without a pause.
const SPAN: Duration = Duration::from_millis(1);

/// Pauses between two frames once they have taken [`SPAN`].
struct Paced<B> {
    body: B,
    /// When the frames since the last pause began.
    since: Option<Instant>,
}

pub(crate) async fn paced(response: Response) -> Response {
    response.map(|body| Body::new(Paced { body, since: None }))
}

impl<B: HttpBody + Unpin> HttpBody for Paced<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        if self.since.is_some_and(|since| since.elapsed() > SPAN) {
            self.since = None;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.since.get_or_insert_with(Instant::now);
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_pending() {
            self.since = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::poll_fn;

    use axum::body::Bytes;
    use http_body_util::BodyExt;

    use super::*;

    /// A hundred frames, each of which takes a fifth of the span.
    struct Laborious(usize);

    impl HttpBody for Laborious {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.0 == 100 {
                return Poll::Ready(None);
            }
            self.0 += 1;
            std::thread::sleep(SPAN / 5);
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
        }
    }

    #[tokio::test]
    async fn others_get_their_turn_while_a_body_is_computed() {
        let mut body = Paced { body: Laborious(0), since: None };
        let (mut pauses, mut frames) = (0, 0);
        loop {
            let frame = poll_fn(|cx| match Pin::new(&mut body).poll_frame(cx) {
                Poll::Pending => Poll::Ready(None),
                Poll::Ready(frame) => Poll::Ready(Some(frame)),
            });
            match frame.await {
                None => pauses += 1,
                Some(Some(_)) => frames += 1,
                Some(None) => break,
            }
        }
        assert_eq!(frames, 100);
        assert!((10..=100).contains(&pauses), "{pauses} pauses in 20 ms");
    }

    #[tokio::test]
    async fn it_is_sent_whole() {
        let response = paced(Response::new(Body::new(Laborious(0)))).await;
        let whole = response.into_body().collect().await.unwrap();
        assert_eq!(whole.to_bytes().len(), 100);
    }
}
