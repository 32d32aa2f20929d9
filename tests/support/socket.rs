//! A WebSocket as a client holds it.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

const BOUND: Duration = Duration::from_secs(20);

pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// The socket at `path`, or the status of the refusal.
    pub async fn open(base: &str, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let address = base.trim_start_matches("http://");
        let mut request = format!("ws://{address}/api/v1{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let stream = TcpSocket::new_v4().unwrap();
        // Who reads nothing is to be found out soon.
        stream.set_recv_buffer_size(16 * 1024).unwrap();
        let stream = stream.connect(address.parse().unwrap()).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn say(&mut self, frame: Value) {
        self.say_raw(Message::text(frame.to_string())).await;
    }

    pub async fn say_text(&mut self, text: impl Into<String>) {
        self.say_raw(Message::text(text.into())).await;
    }

    pub async fn say_bytes(&mut self, bytes: &'static [u8]) {
        self.say_raw(Message::binary(bytes)).await;
    }

    pub async fn ping(&mut self, bytes: &'static [u8]) {
        self.say_raw(Message::Ping(bytes.into())).await;
    }

    /// A text that is none.
    pub async fn say_no_utf8(&mut self) {
        let frame = Frame::message(&b"\xff"[..], OpCode::Data(Data::Text), true);
        self.say_raw(Message::Frame(frame)).await;
    }

    /// Begins to close it with this code.
    pub async fn close(&mut self, code: u16) {
        self.0.close(Some(CloseFrame { code: code.into(), reason: "bye".into() })).await.unwrap();
    }

    /// The bytes of the next pong.
    pub async fn pong(&mut self) -> Vec<u8> {
        loop {
            match timeout(BOUND, self.0.next()).await.expect("nothing comes") {
                Some(Ok(Message::Pong(bytes))) => return bytes.to_vec(),
                Some(Ok(Message::Ping(_))) => {}
                other => panic!("{other:?} instead of a pong"),
            }
        }
    }

    async fn say_raw(&mut self, message: Message) {
        // The server may close before it has read everything.
        self.0.send(message).await.ok();
    }

    /// The next frame; or the code and the reason of the end, zero where there was none.
    pub async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match timeout(BOUND, self.0.next()).await.expect("nothing comes") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(close)))) => return Err((close.code.into(), close.reason.to_string())),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err((0, String::new())),
                Some(Ok(other)) => panic!("{other:?}"),
            }
        }
    }

    /// The next frame, which is of this type.
    pub async fn expect(&mut self, kind: &str) -> Value {
        let frame = self.next().await.unwrap_or_else(|end| panic!("{end:?} instead of {kind}"));
        assert_eq!(frame["type"], kind, "{frame}");
        frame
    }

    /// The code and the reason of the end, whatever comes before.
    pub async fn end(&mut self) -> (u16, String) {
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }
}
